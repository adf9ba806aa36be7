# The kept smoke records have the same digests for every number of threads, kernel path and number of cells side by side;
# the scalar path is slow, so it takes the first three steps. Exit 3 (a digest differs) fails.
set -euo pipefail
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
go build -o "$out/benchrun" ./cmd/benchrun
paths=$("$out/benchrun" __complete verify x --kernels '' 2>/dev/null | grep -v '^:')
grep -qx scalar <<<"$paths"
for kernels in $paths; do
	steps=()
	if [ "$kernels" = scalar ]; then
		steps=(--filter /seed:1 --steps 3)
	fi
	for threads in 1 2 4; do
		for jobs in 1 2; do
			echo "kernels $kernels, $threads threads, $jobs side by side"
			"$out/benchrun" verify results/reference/smoke --kernels "$kernels" --gomaxprocs "$threads" --jobs "$jobs" "${steps[@]}" | tail -1
		done
	done
done
