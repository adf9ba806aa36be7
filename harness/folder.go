package harness

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/renameio/v2"

	"ngdbench/internal/par"
	"ngdbench/results"
)

// Names inside the folder of a run.
const (
	lockName         = ".lock"       // held by a run, or shared by shards
	shardLock        = ".lock-"      // and I-of-N: held by a shard
	filesLock        = ".lock-files" // held while manifest or derived files are written
	probeName        = ".probe"      // and digits
	logsFolder       = "logs"
	supersededFolder = "superseded"
	damagedFolder    = "damaged"
)

const (
	lockTries = 5
	lockPause = 20 * time.Millisecond
)

// folder is the folder of a run. One benchrun at a time may write to it, or several with a shard each.
type folder struct {
	dir  string
	lock *os.File // nil: opened for reading
	own  *os.File // the lock of a shard; nil without one
}

// stored is a record by its file name.
type stored struct{ Key, Code, Status, File string }

// openFolder makes the folder where it is missing and takes it for this process. A folder that another benchrun holds
// is refused at once, with who holds it. The lock is the system's own (flock): it ends with the process, however that
// ends, so there is never a stale one to remove.
func openFolder(dir string, part shard) (*folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, results.CellsFolder), 0o755); err != nil {
		return nil, usagef("results folder %s: not writable: %w", dir, cause(err))
	}
	f := &folder{dir: dir}
	if err := f.take(part); err != nil {
		f.close()
		return nil, err
	}
	if err := f.probe(); err != nil {
		f.close()
		return nil, usagef("results folder %s: not writable: %w", dir, cause(err))
	}
	return f, nil
}

// take locks the folder for this process: the whole of it, or one shard.
func (f *folder) take(part shard) (err error) {
	if part.of == 0 {
		f.lock, err = f.locked(lockName, syscall.LOCK_EX, "")
		return err
	}
	if f.lock, err = f.locked(lockName, syscall.LOCK_SH, ""); err != nil {
		return err
	}
	// One at a time from here: two shards of different grids must not both find themselves alone.
	door, err := f.lockFiles()
	if err != nil {
		return usagef("results folder %s: not writable: %w", f.dir, cause(err))
	}
	defer door.Close()
	mark := fmt.Sprintf("of grid %s %d", part.grid, part.of)
	for _, by := range f.holders() {
		if head, _, _ := strings.Cut(by, " of grid "); !strings.HasSuffix(by, mark) {
			return usagef("results folder %s is held by %s of another grid, whose cells may be the same; wait for it, or name another folder with --out", f.dir, head)
		}
	}
	f.own, err = f.locked(fmt.Sprintf("%s%d-of-%d", shardLock, part.i, part.of), syscall.LOCK_EX, fmt.Sprintf(", shard %s %s", part, mark))
	return err
}

// lockFiles waits for the lock of manifest and derived files.
func (f *folder) lockFiles() (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(f.dir, filesLock), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// locked opens a lock file, locks it, and signs it where nobody else can hold it.
func (f *folder) locked(name string, how int, remark string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(f.dir, name), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, usagef("results folder %s: not writable: %w", f.dir, cause(err))
	}
	for range lockTries { // whoever asks who holds it does so for an instant
		if err = syscall.Flock(int(lock.Fd()), how|syscall.LOCK_NB); err == nil {
			break
		}
		time.Sleep(lockPause)
	}
	if err == nil {
		if how == syscall.LOCK_EX {
			err = sign(lock, remark)
		}
		if err == nil {
			return lock, nil
		}
	}
	lock.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, usagef("results folder %s is held by %s; wait for it, or name another folder with --out", f.dir, f.held())
	}
	return nil, usagef("results folder %s: no lock: %w", f.dir, cause(err))
}

// sign writes into a lock file who holds it.
func sign(lock *os.File, remark string) error {
	host, _ := os.Hostname()
	text := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, time.Now().Format(time.DateTime)+remark)
	if err := lock.Truncate(0); err != nil {
		return err
	}
	_, err := lock.WriteAt([]byte(text), 0)
	return err
}

// exclusively runs do while no other shard writes manifest or derived files.
func (f *folder) exclusively(do func() error) error {
	if f.own == nil {
		return do() // the whole folder is this process's
	}
	lock, err := f.lockFiles()
	if err != nil {
		return err
	}
	defer lock.Close()
	return do()
}

// crowded reports whether another shard of this folder runs on this machine now.
func (f *folder) crowded() bool {
	host, _ := os.Hostname()
	for _, by := range f.holders() {
		if strings.Contains(by, " on "+host+" ") {
			return true
		}
	}
	return false
}

// holders are the others that hold the folder or a shard of it at this moment.
func (f *folder) holders() (list []string) {
	entries, _ := os.ReadDir(f.dir)
	for _, e := range entries {
		path := filepath.Join(f.dir, e.Name())
		if !strings.HasPrefix(e.Name(), shardLock) || e.Name() == filesLock || f.own != nil && path == f.own.Name() {
			continue
		}
		if by := heldBy(path); by != "" {
			list = append(list, by)
		}
	}
	if len(list) == 0 && f.own == nil { // where shards share it, it says nothing
		if by := heldBy(filepath.Join(f.dir, lockName)); by != "" {
			list = append(list, by)
		}
	}
	return list
}

// probe writes where records will be: a folder that takes no file must be known before hours of work, not after.
func (f *folder) probe() error {
	t, err := os.CreateTemp(f.cells(), probeName)
	if err != nil {
		return err
	}
	defer os.Remove(t.Name())
	return t.Close()
}

// readFolder opens a folder for reading: it must be there.
func readFolder(dir string) (*folder, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, usagef("results folder %s: %w", dir, cause(err))
	case !info.IsDir():
		return nil, usagef("%s is no folder", dir)
	}
	return &folder{dir: dir}, nil
}

// held says who writes to the folder at this moment, or "".
func (f *folder) held() string { return strings.Join(f.holders(), ", ") }

// heldBy is what the holder of a lock file wrote into it, or "" where nobody holds it.
func heldBy(path string) string {
	lock, err := os.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return ""
	}
	defer lock.Close()
	if !errors.Is(syscall.Flock(int(lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK) {
		return ""
	}
	return holder(lock)
}

func holder(lock *os.File) string {
	b, _ := io.ReadAll(io.NewSectionReader(lock, 0, 4096))
	if s := strings.TrimSpace(string(b)); s != "" {
		return s
	}
	return "another benchrun"
}

func (f *folder) close() {
	for _, lock := range []*os.File{f.lock, f.own} {
		if lock != nil {
			lock.Close()
		}
	}
}

func (f *folder) cells() string { return filepath.Join(f.dir, results.CellsFolder) }

// list reads the names of the records. What is no record's name is passed over.
func (f *folder) list() ([]stored, error) { return listRecords(f.cells()) }

func listRecords(dir string) ([]stored, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []stored
	for _, e := range entries {
		if key, code, status, err := results.ParseFileName(e.Name()); err == nil && e.Type().IsRegular() {
			out = append(out, stored{key, code, status, filepath.Join(dir, e.Name())})
		}
	}
	return out, err
}

// tidy removes the temporary files of a process that was killed while it wrote, and nothing else: the folder may be one
// in which a person keeps files too. Only the holder of the lock may: beside other shards nothing is removed.
func (f *folder) tidy() {
	if f.own != nil {
		return
	}
	for dir, ours := range map[string]func(string) bool{f.dir: temporary, f.cells(): temporaryCell, filepath.Join(f.dir, logsFolder): temporaryLog} {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if e.Type().IsRegular() && ours(e.Name()) {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// temporary reports whether name is a temporary file of one that stands beside the records: .NAME and digits.
func temporary(name string) bool {
	stem, ok := temporaryOf(name)
	return ok && (stem == results.ManifestFile || stem == results.BenchFile || stem == results.LinesFile)
}

// temporaryCell is temporary for the folder of the records.
func temporaryCell(name string) bool {
	stem, ok := temporaryOf(name)
	if !ok {
		return false
	}
	_, _, _, err := results.ParseFileName(stem)
	return err == nil || "."+stem == probeName
}

// temporaryLog is temporary for the folder of the logs.
func temporaryLog(name string) bool {
	stem, ok := temporaryOf(name)
	return ok && strings.HasSuffix(stem, ".log")
}

// temporaryOf splits a dot, the name of a file and the digits that make it unique.
func temporaryOf(name string) (stem string, ok bool) {
	stem = strings.TrimRight(name, "0123456789")
	return strings.TrimPrefix(stem, "."), stem != name && strings.HasPrefix(stem, ".")
}

// setAside moves a file into a folder beside the records; nothing there is overwritten.
func (f *folder) setAside(file string, into ...string) (string, error) {
	dir := filepath.Join(append([]string{f.dir}, into...)...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	to := filepath.Join(dir, filepath.Base(file))
	for n := 2; exists(to); n++ {
		to = filepath.Join(dir, fmt.Sprintf("%s.%d", filepath.Base(file), n))
	}
	return to, os.Rename(file, to)
}

func (f *folder) supersede(s stored) error {
	_, err := f.setAside(s.File, supersededFolder, s.Code)
	return err
}

// superseded lists the records of one code identity that were moved away and are good, by key: after a return to an older
// revision, or to older settings, they come back instead of being trained again.
func (f *folder) superseded(code string) map[string]stored {
	have, _ := listRecords(filepath.Join(f.dir, supersededFolder, code)) // what cannot be read cannot come back
	out := map[string]stored{}
	for _, s := range have {
		if s.Code == code && !results.Failed(s.Status) && !torn(s.File) {
			out[s.Key] = s
		}
	}
	return out
}

// restore moves a superseded record back among the records.
func (f *folder) restore(s stored) (stored, bool) {
	to := filepath.Join(f.cells(), filepath.Base(s.File))
	if os.Rename(s.File, to) != nil {
		return stored{}, false
	}
	s.File = to
	return s, true
}

// write puts a record into the folder, and then takes what it replaces out: a kill in between leaves both, and the next
// start keeps the better one.
func (f *folder) write(rec results.Record, replaced []stored) error {
	path, err := results.WriteRecord(f.cells(), rec)
	if err != nil {
		return err
	}
	for _, s := range replaced {
		if s.File != path && exists(s.File) {
			if err := f.supersede(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLog keeps what a child printed.
func (f *folder) writeLog(key, log string) error {
	if log == "" {
		return nil
	}
	dir := filepath.Join(f.dir, logsFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, key+".log"), []byte(log), 0o644, renameio.WithTempDir(dir)) // a link there is replaced, not followed
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// tornFiles is torn of many: the files that are.
func tornFiles(list []stored) map[string]bool {
	is := make([]bool, len(list))
	par.Each(len(list), func(i int) { is[i] = torn(list[i].File) })
	out := map[string]bool{}
	for i, s := range list {
		if is[i] {
			out[s.File] = true
		}
	}
	return out
}

// torn reports whether a record's file has no end. It reads two bytes: a listing of many must stay quick.
func torn(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return true
	}
	defer f.Close()
	var b [2]byte
	info, err := f.Stat()
	if err != nil || info.Size() < 2 {
		return true
	}
	_, err = f.ReadAt(b[:], info.Size()-2)
	return err != nil || string(b[:]) != "}\n"
}

// cause is the error behind a path, which the message has named already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
