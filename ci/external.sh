# A user's own module: it builds, its entries pass the conformance kit, its grid runs through parent and child, each record
# is reused, its report is made, and its shards are together the same run.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cd examples/external
go vet ./...
go test ./...
go build -o "$out/benchrun" .
"$out/benchrun" run external.yaml --out "$out/run"
"$out/benchrun" plan external.yaml --out "$out/run" | grep ' 24 done, 0 to run'
"$out/benchrun" verify "$out/run" --sample 4 --gomaxprocs 2
go tool benchreport "$out/run" --out "$out/report" >/dev/null
test -s "$out/report/report.md"
for i in 1 2; do
	"$out/benchrun" run external.yaml --steps 3 --shard $i/2 --out "$out/part$i" >/dev/null 2>&1
done
"$out/benchrun" collect "$out/part1" "$out/part2" --out "$out/whole" | grep '24 records, 24 new'
