# Imports go down only.
set -euo pipefail
go run ./ci/floors
