package benchmarks

import "ngdbench/harness"

// calibration is what unit prices are measured on, narrow and wide, shallow and deep networks at few and many points, and what predictions
// are checked on: every direction, P from 257 to 12,009, n from 1000 to 8000.
func calibration() harness.Calibration {
	var c harness.Calibration
	for _, net := range []string{"2x16x1", "2x64x1", "2x32x32x1", "2x64x64x1", "2x64x64x64x1", "2x100x100x1", "2x24x24x24x24x1"} {
		for _, points := range []string{"900+120", "3000+300", "7200+800"} {
			c.Measure = append(c.Measure, harness.Cell{"net": net, "points": points})
		}
	}
	for _, net := range []string{"2x64x1", "2x32x32x1", "2x64x64x1", "2x76x76x76x1"} {
		for _, points := range []string{"900+100", "2700+300", "7200+800"} {
			for _, d := range []harness.Cell{
				{"opt": "dense"}, {"opt": "dual"}, {"opt": "svd"}, {"opt": "block"}, {"opt": "diagonal"}, {"opt": "cg"},
				{"opt": "cg+sample"}, {"opt": "jacobi"}, {"opt": "nystrom", "rank": "128"}, {"opt": "nystrom+sample", "rank": "64"},
				{"opt": "pchol", "rank": "64"}, {"opt": "rpchol", "rank": "128"}, {"opt": "sketch", "rank": "128"}, {"opt": "sketch+published", "rank": "64"},
				{"opt": "lbfgs"}, {"opt": "adam"},
			} {
				d["net"], d["points"] = net, points
				c.Check = append(c.Check, d)
			}
		}
	}
	return c
}
