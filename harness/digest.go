package harness

import (
	"fmt"
	"math"
)

// digest is a 64-bit FNV-1a hash over the bits of float64 numbers, each as 8 bytes, the lowest first. Zero is empty.
//
// It identifies a trajectory: two that differ in one bit of one number have different digests (but for 1 in 2⁶⁴), which
// holds for -0 and 0 too.
type digest struct {
	sum  uint64
	used bool
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func (d *digest) write(x []float64) {
	h := d.value()
	for _, v := range x {
		bits := math.Float64bits(v)
		for range 8 {
			h = (h ^ bits&0xff) * fnvPrime
			bits >>= 8
		}
	}
	d.sum, d.used = h, true
}

func (d *digest) value() uint64 {
	if !d.used {
		return fnvOffset
	}
	return d.sum
}

// String is the digest in 16 hexadecimal digits.
func (d *digest) String() string { return fmt.Sprintf("%016x", d.value()) }
