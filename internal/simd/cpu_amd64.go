package simd

import "github.com/klauspost/cpuid/v2"

// hasAVX2 says that the CPU has AVX2 and FMA and that the operating system saves the YMM registers.
var hasAVX2 = cpuid.CPU.Supports(cpuid.AVX, cpuid.AVX2, cpuid.FMA3)
