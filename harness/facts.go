package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/klauspost/cpuid/v2"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/mem"
)

// CodeFacts say which program ran.
type CodeFacts struct {
	Identity  string `json:"identity"`
	Revision  string `json:"revision"` // git's, or unknown
	Branch    string `json:"branch,omitempty"`
	Dirty     *bool  `json:"dirty"`             // uncommitted changes, untracked files included; null: unknown
	Stamped   string `json:"stamped,omitempty"` // the revision that the build wrote into the binary, which go run does not
	Binary    string `json:"binary_sha256"`
	GoVersion string `json:"go_version"`
	GOAMD64   string `json:"goamd64,omitempty"`
	GoSum     string `json:"go_sum_sha256,omitempty"`

	Main     string            `json:"main_module"`
	Modules  map[string]string `json:"modules"`  // path → version and checksum
	Settings map[string]string `json:"settings"` // of the build
}

// MachineFacts say where. What the system does not tell is "unavailable", not left out.
type MachineFacts struct {
	OS             string            `json:"os"`
	Arch           string            `json:"arch"`
	Platform       string            `json:"platform"`
	Kernel         string            `json:"kernel"`
	Virtualisation string            `json:"virtualisation,omitempty"`
	CPU            string            `json:"cpu"`
	CPUFeatures    []string          `json:"cpu_features"`
	X64Level       int               `json:"x64_level,omitempty"`
	Cores          int               `json:"cores"`
	Threads        int               `json:"threads"`
	Usable         int               `json:"usable_threads"` // by this process
	L2Bytes        int               `json:"l2_bytes"`
	L3Bytes        int               `json:"l3_bytes"`
	Governor       string            `json:"governor"`
	MemoryBytes    uint64            `json:"memory_bytes"`
	GOMAXPROCS     int               `json:"gomaxprocs_of_parent"`
	Environment    map[string]string `json:"environment"` // those variables of Go's that matter
}

// ReadCodeFacts asks the build, and git in the folder of the source: go run stamps no revision into the binary.
func ReadCodeFacts(identity string) CodeFacts {
	c := CodeFacts{Identity: identity, GOAMD64: GOAMD64(), Revision: unknownRevision, GoVersion: runtime.Version(), Modules: map[string]string{}, Settings: map[string]string{}}
	c.Binary, _ = executableSum() // empty where the file is gone
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return c
	}
	c.Main = info.Main.Path + " " + info.Main.Version
	c.Stamped = buildSetting(info, "vcs.revision")
	for _, s := range info.Settings {
		c.Settings[s.Key] = s.Value
	}
	for _, d := range info.Deps {
		c.Modules[d.Path] = strings.TrimSpace(d.Version + " " + d.Sum)
	}
	wd, err := os.Getwd()
	if err != nil {
		return c
	}
	root := moduleRoot(wd, info.Main.Path)
	if root == "" {
		return c
	}
	if b, err := os.ReadFile(filepath.Join(root, "go.sum")); err == nil {
		sum := sha256.Sum256(b)
		c.GoSum = hex.EncodeToString(sum[:])
	}
	c.askGit(root)
	return c
}

func (c *CodeFacts) askGit(root string) {
	revision, err := git(root, "rev-parse", "HEAD")
	if err != nil {
		return
	}
	c.Revision = revision
	if branch, err := git(root, "rev-parse", "--abbrev-ref", "HEAD"); err == nil {
		c.Branch = branch
	}
	if changes, err := git(root, "status", "--porcelain"); err == nil {
		dirty := changes != ""
		c.Dirty = &dirty
	}
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", dir, "--no-optional-locks"}, args...)...)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// ReadMachineFacts asks the CPU and the system.
func ReadMachineFacts() MachineFacts {
	m := MachineFacts{
		OS: runtime.GOOS, Arch: runtime.GOARCH, Platform: unavailable, Kernel: unavailable,
		CPU: cpuName(), CPUFeatures: cpuid.CPU.FeatureSet(), X64Level: cpuid.CPU.X64Level(),
		Cores: cpuid.CPU.PhysicalCores, Threads: cpuid.CPU.LogicalCores, Usable: runtime.NumCPU(),
		L2Bytes: cpuid.CPU.Cache.L2, L3Bytes: cpuid.CPU.Cache.L3, Governor: unavailable,
		GOMAXPROCS: runtime.GOMAXPROCS(0), Environment: map[string]string{},
	}
	slices.Sort(m.CPUFeatures)
	if h, err := host.Info(); err == nil {
		m.Platform = strings.TrimSpace(h.Platform + " " + h.PlatformVersion)
		m.Kernel = h.KernelVersion
		m.Virtualisation = h.VirtualizationSystem
	}
	if v, err := mem.VirtualMemory(); err == nil {
		m.MemoryBytes = v.Total
	}
	if b, err := os.ReadFile("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"); err == nil {
		m.Governor = strings.TrimSpace(string(b))
	}
	for _, name := range []string{"GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG", "NGDBENCH_KERNELS", "SLURM_JOB_ID", "SLURM_JOB_PARTITION"} {
		if v, ok := os.LookupEnv(name); ok {
			m.Environment[name] = v
		}
	}
	return m
}

const (
	unavailable     = "unavailable"
	unknownRevision = "unknown"
)

// cpuName is the model as the CPU says it, else the architecture.
func cpuName() string {
	if n := strings.Join(strings.Fields(cpuid.CPU.BrandName), " "); n != "" {
		return n
	}
	return runtime.GOARCH
}
