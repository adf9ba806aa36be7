# The README's own test command, taken from the README.
set -euo pipefail
command=$(grep -m1 -o '^go test \./\.\.\.' README.md)
echo "\$ $command"
$command
