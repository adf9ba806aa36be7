# A small grid through both commands.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
go build -o "$out/benchrun" ./cmd/benchrun
go build -o "$out/benchreport" ./cmd/benchreport
"$out/benchrun" run smoke --out "$out/run"
"$out/benchreport" "$out/run"
