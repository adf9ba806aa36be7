package stats

// RunTime is the expected cost of reaching a target with one method.
type RunTime struct {
	Mean      Quantity // aRT; a lower bound where nothing reached the target or a failed run's cost is unknown
	Successes int
	N         int
}

// ExpectedRunTime returns aRT = Σ cost / successes, where a success costs its time to the target and a miss all that was
// spent (its limit): the expected time of independent restarts until one succeeds (Hansen et al. 2021, COCO, average
// running time). Without a success, all that was spent is a lower bound. A run of unknown cost adds nothing to the
// sum, which makes that a lower bound too.
func ExpectedRunTime(q []Quantity) RunTime {
	r := RunTime{N: len(q)}
	var spent float64
	unknown := false
	for _, x := range sorted(q) { // sorted: the sum does not depend on the order of files
		switch x.Kind {
		case Exact:
			r.Successes++
			spent += x.Value
		case Above:
			spent += x.Value
		default:
			unknown = true
		}
	}
	switch {
	case r.Successes == 0 && spent == 0:
		return r
	case r.Successes == 0:
		r.Mean = Beyond(spent)
	case unknown:
		r.Mean = Beyond(spent / float64(r.Successes))
	default:
		r.Mean = Known(spent / float64(r.Successes))
	}
	return r
}
