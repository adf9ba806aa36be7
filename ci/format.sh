# gofmt on every Go file.
set -euo pipefail
bad=$(gofmt -l .)
if [ -n "$bad" ]; then
	echo "gofmt would change:"; echo "$bad"; exit 1
fi
