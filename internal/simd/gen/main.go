// Gen writes the AVX2 kernels of internal/simd: for each registered file NAME_amd64.s and its Go declarations
// NAME_asm_amd64.go. It is a module of its own, so that only those who change kernels need avo:
//
//	cd internal/simd/gen && go run .
//
// It refuses output that needs more than AVX2 and FMA: avo takes registers beyond the sixteenth, and with them AVX-512
// encodings, without a word.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"
)

// gen is the file being written: avo's instructions are its methods.
type gen struct{ *build.Context }

// files holds what each source file of this program registers in its init.
var files = map[string]func(g gen){}

func main() {
	log.SetFlags(0)
	out := ".."
	if len(os.Args) > 1 {
		out = os.Args[1]
	}
	for name, f := range files {
		if err := write(out, name, f); err != nil {
			log.Fatalf("gen: %s: %v", name, err)
		}
	}
}

func write(out, name string, f func(g gen)) error {
	g := gen{build.NewContext()}
	g.ConstraintExpr("amd64")
	f(g)
	file, err := g.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "internal/simd/gen", Pkg: "simd"}
	asm, err := printer.NewGoAsm(cfg).Print(file)
	if err != nil {
		return err
	}
	if bad := beyond.Find(asm); bad != nil {
		return fmt.Errorf("%s needs AVX-512", bad)
	}
	stubs, err := printer.NewStubs(cfg).Print(file)
	if err != nil {
		return err
	}
	base := filepath.Join(out, name)
	if err := os.WriteFile(base+"_amd64.s", align(asm), 0o644); err != nil {
		return err
	}
	return os.WriteFile(base+"_asm_amd64.go", stubs, 0o644)
}

var beyond = regexp.MustCompile(`\b(Y(1[6-9]|2[0-9]|3[01])|Z[0-9]+|X(1[6-9]|2[0-9]|3[01])|K[0-7])\b`)

// align puts the label of every inner loop, recognised by its name, at the start of a fetch block of 32 bytes.
func align(asm []byte) []byte {
	return regexp.MustCompile(`(?m)^loop\w*:$`).ReplaceAll(asm, []byte("\tPCALIGN $$32\n$0"))
}

// function begins a function that takes and keeps no pointer.
func (g gen) function(name, signature, doc string) {
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	g.SignatureExpr(signature)
	g.Doc(doc)
	g.Pragma("noescape")
}

// params loads parameters into new general registers.
func (g gen) params(names ...string) []reg.Register {
	r := make([]reg.Register, len(names))
	for i, n := range names {
		r[i] = g.Load(g.Param(n), g.GP64())
	}
	return r
}

// to is a jump target.
func to(label string) operand.Op { return operand.LabelRef(label) }

// at is the memory at base + disp bytes.
func at(base reg.Register, disp int) operand.Mem { return operand.Mem{Base: base, Disp: disp} }

// imm is an unsigned constant; avo takes one byte for a signed number.
func imm(n int) operand.Op {
	if n < 128 {
		return operand.Imm(uint64(n))
	}
	return operand.U32(uint32(n))
}

// zero clears vectors.
func (g gen) zero(v ...reg.VecVirtual) {
	for _, x := range v {
		g.VXORPD(x, x, x)
	}
}

// end returns to Go.
func (g gen) end() {
	g.VZEROUPPER()
	g.RET()
}
