# A small grid through both commands.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
go build -o "$out/benchrun" ./cmd/benchrun
go build -o "$out/benchreport" ./cmd/benchreport
"$out/benchrun" run smoke --out "$out/run"
"$out/benchreport" "$out/run"
"$out/benchrun" init "$out/first.yaml"
"$out/benchrun" run "$out/first.yaml" --profile smoke --out "$out/first"
"$out/benchrun" run quick --profile smoke --out "$out/quick"
"$out/benchreport" export "$out/first" --format csv --out "$out/first.csv"
