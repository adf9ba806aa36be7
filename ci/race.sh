# The race detector on the packages that start goroutines or run on several threads.
set -euo pipefail
go test -race -short ./internal/par ./linalg ./networks ./formulations ./harness ./conformance
