package main

import (
	"os"

	"ngdbench/results"
)

// writeArray writes data of a shape where numpy reads it.
func writeArray(path string, data []float64, shape ...int) error {
	return os.WriteFile(path, results.EncodeArray(data, shape...), 0o644)
}
