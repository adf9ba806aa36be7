# A small grid through both commands, then the kept reference is verified: exit 3 (a digest differs) fails.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
go build -o "$out/benchrun" ./cmd/benchrun
go build -o "$out/benchreport" ./cmd/benchreport
"$out/benchrun" run smoke --out "$out/run"
"$out/benchreport" "$out/run"
"$out/benchrun" verify results/reference/smoke
"$out/benchrun" verify results/reference/smoke --gomaxprocs 2
"$out/benchrun" verify results/reference/smoke --kernels scalar --steps 3
