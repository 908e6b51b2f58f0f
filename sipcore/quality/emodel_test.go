package quality

import (
	"math"
	"testing"
	"testing/quick"
	"time"
)

// parameters are those of G.107 table 2, with their default values.
type parameters struct {
	slr, rlr, stmr, ds, dr, telr, wepl, t, tr, ta, qdu, ie, bpl, ppl, burstR, nc, nfor, ps, pr, a float64
}

func defaults() parameters {
	return parameters{
		slr: 8, rlr: 2, stmr: 15, ds: 3, dr: 3, telr: 65, wepl: 110, qdu: 1, bpl: 4.3, burstR: 1, nc: -70, nfor: -64, ps: 35, pr: 35,
	}
}

// emodel is G.107 §7 as it is written, all of it.
func emodel(p parameters) float64 {
	db := func(x float64) float64 { return 10 * math.Log10(x) }
	pow := func(x float64) float64 { return math.Pow(10, x/10) }
	olr := p.slr + p.rlr
	lstr := p.stmr + p.dr
	nos := p.ps - p.slr - p.ds - 100 + 0.004*math.Pow(p.ps-olr-p.ds-14, 2)
	pre := p.pr + db(1+pow(10-lstr))
	nor := p.rlr - 121 + pre + 0.008*math.Pow(pre-35, 2)
	no := db(pow(p.nc) + pow(nos) + pow(nor) + pow(p.nfor+p.rlr))
	ro := 15 - 1.5*(p.slr+no)

	xolr := olr + 0.2*(64+no-p.rlr)
	iolr := 20 * (math.Pow(1+math.Pow(xolr/8, 8), 1./8) - xolr/8)
	stmro := -db(pow(-p.stmr) + math.Exp(-p.t/4)*pow(-p.telr))
	ist := 12*math.Pow(1+math.Pow((stmro-13)/6, 8), 1./8) - 28*math.Pow(1+math.Pow((stmro+1)/19.4, 35), 1./35) -
		13*math.Pow(1+math.Pow((stmro-3)/33, 13), 1./13) + 29
	q := 37 - 15*math.Log10(p.qdu)
	g := 1.07 + 0.258*q + 0.0602*q*q
	y := (ro-100)/15 + 46./8.4 - g/9
	z := 46./30 - g/40
	iq := 15 * math.Log10(1+math.Pow(10, y)+math.Pow(10, z))
	is := iolr + ist + iq

	terv := p.telr - 40*math.Log10((1+p.t/10)/(1+p.t/150)) + 6*math.Exp(-0.3*p.t*p.t)
	if p.stmr < 9 {
		terv += ist / 2
	}
	re := 80 + 2.5*(terv-14)
	roe := -1.5 * (no - p.rlr)
	idte := ((roe-re)/2 + math.Sqrt(math.Pow(roe-re, 2)/4+100) - 1) * (1 - math.Exp(-p.t))
	rle := 10.5 * (p.wepl + 7) * math.Pow(p.tr+1, -0.25)
	idle := (ro-rle)/2 + math.Sqrt(math.Pow(ro-rle, 2)/4+169)
	idd := 0.0
	if p.ta > 100 {
		x := math.Log(p.ta/100) / math.Log(2)
		idd = 25 * (math.Pow(1+math.Pow(x, 6), 1./6) - 3*math.Pow(1+math.Pow(x/3, 6), 1./6) + 2)
	}
	eff := p.ie + (95-p.ie)*p.ppl/(p.ppl/p.burstR+p.bpl)
	return ro - is - (idte + idle + idd) - eff + p.a
}

func TestRatingIsThatOfTheRecommendation(t *testing.T) {
	// G.107 §7.7: all default values give 93.2, and Annex B makes 4.41 of that.
	if r := emodel(defaults()); math.Abs(r-93.2) > 0.05 {
		t.Fatalf("the recommendation itself gives %.2f", r)
	}
	if r := Rating(0, 0, bareBpl); math.Abs(r-93.2) > 0.05 {
		t.Errorf("nothing lost, nothing late: %.2f", r)
	}
	for _, ms := range []float64{0, 1, 20, 50, 100, 150, 200, 250, 300, 400, 600, 1000} {
		for _, loss := range []float64{0, 0.5, 1, 2, 3, 5, 10, 20, 50, 100} {
			for _, bpl := range []float64{4.3, 25.1} {
				p := defaults()
				p.t, p.ta, p.tr, p.ppl, p.bpl = ms, ms, 2*ms, loss, bpl
				want := max(emodel(p), 0)
				if got := Rating(time.Duration(ms*float64(time.Millisecond)), loss/100, bpl); math.Abs(got-want) > 0.02 {
					t.Errorf("%v ms, %v %%, Bpl %v: %.3f, want %.3f", ms, loss, bpl, got, want)
				}
			}
		}
	}
}

func TestOpinionScoreOfRating(t *testing.T) {
	// G.107 Annex B, table B.1 gives the last five to two digits; the first are the ends of its formula.
	for _, tt := range []struct{ r, mos float64 }{
		{-5, 1}, {0, 1}, {100, 4.5}, {120, 4.5}, {93.2, 4.41}, {90, 4.34}, {80, 4.03}, {70, 3.60}, {60, 3.10}, {50, 2.58},
	} {
		if got := MOS(tt.r); math.Abs(got-tt.mos) > 0.01 {
			t.Errorf("R = %v: %.3f, want %v", tt.r, got, tt.mos)
		}
	}
}

func TestMoreLossAndMoreDelayAreNeverBetter(t *testing.T) {
	better := func(loss, more uint16, delay, later uint16, opus bool) bool {
		bpl := codecOf("pcmu").bpl
		if !opus {
			bpl = bareBpl
		}
		share := func(n uint16) float64 { return float64(n) / math.MaxUint16 }
		ms := func(n uint16) time.Duration { return time.Duration(n/8) * time.Millisecond }
		score := func(d time.Duration, l float64) float64 { return MOS(Rating(d, l, bpl)) }
		less, lossier := min(loss, more), max(loss, more)
		sooner, late := min(delay, later), max(delay, later)
		const rounding = 1e-9
		return score(ms(delay), share(lossier)) <= score(ms(delay), share(less))+rounding &&
			score(ms(late), share(loss)) <= score(ms(sooner), share(loss))+rounding
	}
	if err := quick.Check(better, &quick.Config{MaxCount: 20_000}); err != nil {
		t.Error(err)
	}
}
