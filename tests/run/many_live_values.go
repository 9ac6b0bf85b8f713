// More values are live across more places to park than frames have room for: they stay in memory, and collections find
// them there, or find that they are dead.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"weak"
)

type node struct {
	next *node
	v    int
}

func feed(ch chan int) {
	for i := 0; ; i++ {
		ch <- i
	}
}

//go:noinline
func named(v int) (string, *node, float64, []int) {
	return fmt.Sprint("n", v), &node{&node{nil, v}, -v}, float64(v) / 4, []int{v, v + 1}
}

//go:noinline
func received(ch chan int) (int, *node) {
	v := <-ch
	return v, &node{v: v}
}

func garbage() {
	for i := range 100 {
		_ = fmt.Sprint(i)
	}
}

//go:noinline
func straight(ch chan int) (result int) {
	defer func() {
		if e := recover(); e != nil {
			v := <-ch
			fmt.Println("recovered", e, v >= 0)
			result++
		}
	}()
	var small int8 = -3
	big := complex(1, float64(<-ch))
	s0, p0, f0, l0 := named(<-ch)
	i0, r0 := received(ch)
	s1, p1, f1, l1 := named(<-ch)
	i1, r1 := received(ch)
	s2, p2, f2, l2 := named(<-ch)
	i2, r2 := received(ch)
	s3, p3, f3, l3 := named(<-ch)
	i3, r3 := received(ch)
	s4, p4, f4, l4 := named(<-ch)
	i4, r4 := received(ch)
	s5, p5, f5, l5 := named(<-ch)
	i5, r5 := received(ch)
	garbage()
	s6, p6, f6, l6 := named(<-ch)
	i6, r6 := received(ch)
	s7, p7, f7, l7 := named(<-ch)
	i7, r7 := received(ch)
	s8, p8, f8, l8 := named(<-ch)
	i8, r8 := received(ch)
	s9, p9, f9, l9 := named(<-ch)
	i9, r9 := received(ch)
	s10, p10, f10, l10 := named(<-ch)
	i10, r10 := received(ch)
	s11, p11, f11, l11 := named(<-ch)
	i11, r11 := received(ch)
	s12, p12, f12, l12 := named(<-ch)
	i12, r12 := received(ch)
	s13, p13, f13, l13 := named(<-ch)
	i13, r13 := received(ch)
	s14, p14, f14, l14 := named(<-ch)
	i14, r14 := received(ch)
	s15, p15, f15, l15 := named(<-ch)
	i15, r15 := received(ch)
	garbage()
	s16, p16, f16, l16 := named(<-ch)
	i16, r16 := received(ch)
	s17, p17, f17, l17 := named(<-ch)
	i17, r17 := received(ch)
	s18, p18, f18, l18 := named(<-ch)
	i18, r18 := received(ch)
	s19, p19, f19, l19 := named(<-ch)
	i19, r19 := received(ch)
	s20, p20, f20, l20 := named(<-ch)
	i20, r20 := received(ch)
	gone, kept := weak.Make(p3.next), weak.Make(p4.next)
	s21, p21, f21, l21 := named(<-ch)
	i21, r21 := received(ch)
	s22, p22, f22, l22 := named(<-ch)
	i22, r22 := received(ch)
	s23, p23, f23, l23 := named(<-ch)
	i23, r23 := received(ch)
	s24, p24, f24, l24 := named(<-ch)
	i24, r24 := received(ch)
	s25, p25, f25, l25 := named(<-ch)
	i25, r25 := received(ch)
	garbage()
	s26, p26, f26, l26 := named(<-ch)
	i26, r26 := received(ch)
	s27, p27, f27, l27 := named(<-ch)
	i27, r27 := received(ch)
	s28, p28, f28, l28 := named(<-ch)
	i28, r28 := received(ch)
	s29, p29, f29, l29 := named(<-ch)
	i29, r29 := received(ch)
	s30, p30, f30, l30 := named(<-ch)
	i30, r30 := received(ch)
	s31, p31, f31, l31 := named(<-ch)
	i31, r31 := received(ch)
	s32, p32, f32, l32 := named(<-ch)
	i32, r32 := received(ch)
	s33, p33, f33, l33 := named(<-ch)
	i33, r33 := received(ch)
	s34, p34, f34, l34 := named(<-ch)
	i34, r34 := received(ch)
	s35, p35, f35, l35 := named(<-ch)
	i35, r35 := received(ch)
	garbage()
	s36, p36, f36, l36 := named(<-ch)
	i36, r36 := received(ch)
	s37, p37, f37, l37 := named(<-ch)
	i37, r37 := received(ch)
	s38, p38, f38, l38 := named(<-ch)
	i38, r38 := received(ch)
	s39, p39, f39, l39 := named(<-ch)
	i39, r39 := received(ch)
	// Read without parking, in loops.
	sum := 0
	for j := range 3 {
		for k := range 2 {
			sum += len(s0)*j + p0.v*k + l0[1] - i0 + r0.v
			sum += len(s1)*j + p1.v*k + l1[1] - i1 + r1.v
			sum += len(s2)*j + p2.v*k + l2[1] - i2 + r2.v
			sum += len(s3)*j + p3.v*k + l3[1] - i3 + r3.v
			sum += len(s4)*j + p4.v*k + l4[1] - i4 + r4.v
			sum += len(s5)*j + p5.v*k + l5[1] - i5 + r5.v
			sum += len(s6)*j + p6.v*k + l6[1] - i6 + r6.v
			sum += len(s7)*j + p7.v*k + l7[1] - i7 + r7.v
			sum += len(s8)*j + p8.v*k + l8[1] - i8 + r8.v
			sum += len(s9)*j + p9.v*k + l9[1] - i9 + r9.v
			sum += len(s10)*j + p10.v*k + l10[1] - i10 + r10.v
			sum += len(s11)*j + p11.v*k + l11[1] - i11 + r11.v
			sum += len(s12)*j + p12.v*k + l12[1] - i12 + r12.v
			sum += len(s13)*j + p13.v*k + l13[1] - i13 + r13.v
			sum += len(s14)*j + p14.v*k + l14[1] - i14 + r14.v
			sum += len(s15)*j + p15.v*k + l15[1] - i15 + r15.v
			sum += len(s16)*j + p16.v*k + l16[1] - i16 + r16.v
			sum += len(s17)*j + p17.v*k + l17[1] - i17 + r17.v
			sum += len(s18)*j + p18.v*k + l18[1] - i18 + r18.v
			sum += len(s19)*j + p19.v*k + l19[1] - i19 + r19.v
			sum += len(s20)*j + p20.v*k + l20[1] - i20 + r20.v
			sum += len(s21)*j + p21.v*k + l21[1] - i21 + r21.v
			sum += len(s22)*j + p22.v*k + l22[1] - i22 + r22.v
			sum += len(s23)*j + p23.v*k + l23[1] - i23 + r23.v
			sum += len(s24)*j + p24.v*k + l24[1] - i24 + r24.v
			sum += len(s25)*j + p25.v*k + l25[1] - i25 + r25.v
			sum += len(s26)*j + p26.v*k + l26[1] - i26 + r26.v
			sum += len(s27)*j + p27.v*k + l27[1] - i27 + r27.v
			sum += len(s28)*j + p28.v*k + l28[1] - i28 + r28.v
			sum += len(s29)*j + p29.v*k + l29[1] - i29 + r29.v
			sum += len(s30)*j + p30.v*k + l30[1] - i30 + r30.v
			sum += len(s31)*j + p31.v*k + l31[1] - i31 + r31.v
			sum += len(s32)*j + p32.v*k + l32[1] - i32 + r32.v
			sum += len(s33)*j + p33.v*k + l33[1] - i33 + r33.v
			sum += len(s34)*j + p34.v*k + l34[1] - i34 + r34.v
			sum += len(s35)*j + p35.v*k + l35[1] - i35 + r35.v
			sum += len(s36)*j + p36.v*k + l36[1] - i36 + r36.v
			sum += len(s37)*j + p37.v*k + l37[1] - i37 + r37.v
			sum += len(s38)*j + p38.v*k + l38[1] - i38 + r38.v
			sum += len(s39)*j + p39.v*k + l39[1] - i39 + r39.v
		}
	}
	fmt.Println(sum, small, big)
	// Parks in a loop.
	turns := 0
	for j := 0; j < 4; j++ {
		v := <-ch
		if v%2 == 0 {
			turns += p0.next.v + <-ch - v
		} else {
			turns += r1.v + <-ch - v
			small++
		}
		f0 += f2 * float64(j)
	}
	fmt.Println(turns, small, f0)
	p3.next = nil
	runtime.GC()
	fmt.Println(gone.Value() == nil, kept.Value() == p4.next)
	last := weak.Make(p5)
	fmt.Println(p5.v, p5.next.v)
	<-ch
	runtime.GC()
	fmt.Println(last.Value() == nil)
	switch v := <-ch; {
	case v < 0:
		fmt.Println(p6.v)
	default:
		<-ch
	}
	fmt.Println(s0, p0.v, p0.next.v, f0, l0, i0, r0.v, <-ch >= 0)
	fmt.Println(s1, p1.v, p1.next.v, f1, l1, i1, r1.v, <-ch >= 0)
	fmt.Println(s2, p2.v, p2.next.v, f2, l2, i2, r2.v, <-ch >= 0)
	fmt.Println(s3, f3, l3, i3, r3.v, <-ch >= 0)
	fmt.Println(s4, p4.v, p4.next.v, f4, l4, i4, r4.v, <-ch >= 0)
	fmt.Println(s5, f5, l5, i5, r5.v, <-ch >= 0)
	fmt.Println(s6, f6, l6, i6, r6.v, <-ch >= 0)
	fmt.Println(s7, p7.v, p7.next.v, f7, l7, i7, r7.v, <-ch >= 0)
	fmt.Println(s8, p8.v, p8.next.v, f8, l8, i8, r8.v, <-ch >= 0)
	fmt.Println(s9, p9.v, p9.next.v, f9, l9, i9, r9.v, <-ch >= 0)
	fmt.Println(s10, p10.v, p10.next.v, f10, l10, i10, r10.v, <-ch >= 0)
	fmt.Println(s11, p11.v, p11.next.v, f11, l11, i11, r11.v, <-ch >= 0)
	fmt.Println(s12, p12.v, p12.next.v, f12, l12, i12, r12.v, <-ch >= 0)
	fmt.Println(s13, p13.v, p13.next.v, f13, l13, i13, r13.v, <-ch >= 0)
	fmt.Println(s14, p14.v, p14.next.v, f14, l14, i14, r14.v, <-ch >= 0)
	fmt.Println(s15, p15.v, p15.next.v, f15, l15, i15, r15.v, <-ch >= 0)
	fmt.Println(s16, p16.v, p16.next.v, f16, l16, i16, r16.v, <-ch >= 0)
	fmt.Println(s17, p17.v, p17.next.v, f17, l17, i17, r17.v, <-ch >= 0)
	fmt.Println(s18, p18.v, p18.next.v, f18, l18, i18, r18.v, <-ch >= 0)
	fmt.Println(s19, p19.v, p19.next.v, f19, l19, i19, r19.v, <-ch >= 0)
	fmt.Println(s20, p20.v, p20.next.v, f20, l20, i20, r20.v, <-ch >= 0)
	fmt.Println(s21, p21.v, p21.next.v, f21, l21, i21, r21.v, <-ch >= 0)
	fmt.Println(s22, p22.v, p22.next.v, f22, l22, i22, r22.v, <-ch >= 0)
	fmt.Println(s23, p23.v, p23.next.v, f23, l23, i23, r23.v, <-ch >= 0)
	fmt.Println(s24, p24.v, p24.next.v, f24, l24, i24, r24.v, <-ch >= 0)
	fmt.Println(s25, p25.v, p25.next.v, f25, l25, i25, r25.v, <-ch >= 0)
	fmt.Println(s26, p26.v, p26.next.v, f26, l26, i26, r26.v, <-ch >= 0)
	fmt.Println(s27, p27.v, p27.next.v, f27, l27, i27, r27.v, <-ch >= 0)
	fmt.Println(s28, p28.v, p28.next.v, f28, l28, i28, r28.v, <-ch >= 0)
	fmt.Println(s29, p29.v, p29.next.v, f29, l29, i29, r29.v, <-ch >= 0)
	fmt.Println(s30, p30.v, p30.next.v, f30, l30, i30, r30.v, <-ch >= 0)
	fmt.Println(s31, p31.v, p31.next.v, f31, l31, i31, r31.v, <-ch >= 0)
	fmt.Println(s32, p32.v, p32.next.v, f32, l32, i32, r32.v, <-ch >= 0)
	fmt.Println(s33, p33.v, p33.next.v, f33, l33, i33, r33.v, <-ch >= 0)
	fmt.Println(s34, p34.v, p34.next.v, f34, l34, i34, r34.v, <-ch >= 0)
	fmt.Println(s35, p35.v, p35.next.v, f35, l35, i35, r35.v, <-ch >= 0)
	fmt.Println(s36, p36.v, p36.next.v, f36, l36, i36, r36.v, <-ch >= 0)
	fmt.Println(s37, p37.v, p37.next.v, f37, l37, i37, r37.v, <-ch >= 0)
	fmt.Println(s38, p38.v, p38.next.v, f38, l38, i38, r38.v, <-ch >= 0)
	fmt.Println(s39, p39.v, p39.next.v, f39, l39, i39, r39.v, <-ch >= 0)
	var none *node
	return none.v + int(small)
}

// All goroutines run the same function, each with values of its own.
func main() {
	debug.SetGCPercent(1)
	ch := make(chan int)
	go feed(ch)
	fmt.Println(straight(ch))
	done := make(chan int)
	for i := range 5 {
		go func() { done <- looped(i) }()
	}
	total := 0
	for range 5 {
		total += <-done
	}
	fmt.Println(total)
}

//go:noinline
func looped(start int) int {
	ch := make(chan int, 1)
	echo := func(v int) int {
		ch <- v
		runtime.Gosched()
		return <-ch
	}
	a0, b0 := &node{v: echo(start + 0)}, fmt.Sprint(echo(0))
	a1, b1 := &node{v: echo(start + 1)}, fmt.Sprint(echo(1))
	a2, b2 := &node{v: echo(start + 2)}, fmt.Sprint(echo(2))
	a3, b3 := &node{v: echo(start + 3)}, fmt.Sprint(echo(3))
	a4, b4 := &node{v: echo(start + 4)}, fmt.Sprint(echo(4))
	a5, b5 := &node{v: echo(start + 5)}, fmt.Sprint(echo(5))
	a6, b6 := &node{v: echo(start + 6)}, fmt.Sprint(echo(6))
	a7, b7 := &node{v: echo(start + 7)}, fmt.Sprint(echo(7))
	a8, b8 := &node{v: echo(start + 8)}, fmt.Sprint(echo(8))
	a9, b9 := &node{v: echo(start + 9)}, fmt.Sprint(echo(9))
	a10, b10 := &node{v: echo(start + 10)}, fmt.Sprint(echo(10))
	a11, b11 := &node{v: echo(start + 11)}, fmt.Sprint(echo(11))
	a12, b12 := &node{v: echo(start + 12)}, fmt.Sprint(echo(12))
	a13, b13 := &node{v: echo(start + 13)}, fmt.Sprint(echo(13))
	a14, b14 := &node{v: echo(start + 14)}, fmt.Sprint(echo(14))
	a15, b15 := &node{v: echo(start + 15)}, fmt.Sprint(echo(15))
	a16, b16 := &node{v: echo(start + 16)}, fmt.Sprint(echo(16))
	a17, b17 := &node{v: echo(start + 17)}, fmt.Sprint(echo(17))
	a18, b18 := &node{v: echo(start + 18)}, fmt.Sprint(echo(18))
	a19, b19 := &node{v: echo(start + 19)}, fmt.Sprint(echo(19))
	a20, b20 := &node{v: echo(start + 20)}, fmt.Sprint(echo(20))
	a21, b21 := &node{v: echo(start + 21)}, fmt.Sprint(echo(21))
	a22, b22 := &node{v: echo(start + 22)}, fmt.Sprint(echo(22))
	a23, b23 := &node{v: echo(start + 23)}, fmt.Sprint(echo(23))
	a24, b24 := &node{v: echo(start + 24)}, fmt.Sprint(echo(24))
	a25, b25 := &node{v: echo(start + 25)}, fmt.Sprint(echo(25))
	a26, b26 := &node{v: echo(start + 26)}, fmt.Sprint(echo(26))
	a27, b27 := &node{v: echo(start + 27)}, fmt.Sprint(echo(27))
	a28, b28 := &node{v: echo(start + 28)}, fmt.Sprint(echo(28))
	a29, b29 := &node{v: echo(start + 29)}, fmt.Sprint(echo(29))
	sum := 0
	for turn := range 3 {
		c0 := &node{a0, echo(a1.v + turn)}
		c1 := &node{a1, echo(a2.v + turn)}
		c2 := &node{a2, echo(a3.v + turn)}
		c3 := &node{a3, echo(a4.v + turn)}
		c4 := &node{a4, echo(a5.v + turn)}
		c5 := &node{a5, echo(a6.v + turn)}
		c6 := &node{a6, echo(a7.v + turn)}
		c7 := &node{a7, echo(a8.v + turn)}
		c8 := &node{a8, echo(a9.v + turn)}
		c9 := &node{a9, echo(a10.v + turn)}
		c10 := &node{a10, echo(a11.v + turn)}
		c11 := &node{a11, echo(a12.v + turn)}
		c12 := &node{a12, echo(a13.v + turn)}
		c13 := &node{a13, echo(a14.v + turn)}
		c14 := &node{a14, echo(a15.v + turn)}
		c15 := &node{a15, echo(a16.v + turn)}
		c16 := &node{a16, echo(a17.v + turn)}
		c17 := &node{a17, echo(a18.v + turn)}
		c18 := &node{a18, echo(a19.v + turn)}
		c19 := &node{a19, echo(a20.v + turn)}
		c20 := &node{a20, echo(a21.v + turn)}
		c21 := &node{a21, echo(a22.v + turn)}
		c22 := &node{a22, echo(a23.v + turn)}
		c23 := &node{a23, echo(a24.v + turn)}
		c24 := &node{a24, echo(a25.v + turn)}
		c25 := &node{a25, echo(a26.v + turn)}
		c26 := &node{a26, echo(a27.v + turn)}
		c27 := &node{a27, echo(a28.v + turn)}
		c28 := &node{a28, echo(a29.v + turn)}
		c29 := &node{a29, echo(a0.v + turn)}
		sum += echo(c0.v+len(b0)) + c0.next.v
		sum += echo(c1.v+len(b1)) + c1.next.v
		sum += echo(c2.v+len(b2)) + c2.next.v
		sum += echo(c3.v+len(b3)) + c3.next.v
		sum += echo(c4.v+len(b4)) + c4.next.v
		sum += echo(c5.v+len(b5)) + c5.next.v
		sum += echo(c6.v+len(b6)) + c6.next.v
		sum += echo(c7.v+len(b7)) + c7.next.v
		sum += echo(c8.v+len(b8)) + c8.next.v
		sum += echo(c9.v+len(b9)) + c9.next.v
		sum += echo(c10.v+len(b10)) + c10.next.v
		sum += echo(c11.v+len(b11)) + c11.next.v
		sum += echo(c12.v+len(b12)) + c12.next.v
		sum += echo(c13.v+len(b13)) + c13.next.v
		sum += echo(c14.v+len(b14)) + c14.next.v
		sum += echo(c15.v+len(b15)) + c15.next.v
		sum += echo(c16.v+len(b16)) + c16.next.v
		sum += echo(c17.v+len(b17)) + c17.next.v
		sum += echo(c18.v+len(b18)) + c18.next.v
		sum += echo(c19.v+len(b19)) + c19.next.v
		sum += echo(c20.v+len(b20)) + c20.next.v
		sum += echo(c21.v+len(b21)) + c21.next.v
		sum += echo(c22.v+len(b22)) + c22.next.v
		sum += echo(c23.v+len(b23)) + c23.next.v
		sum += echo(c24.v+len(b24)) + c24.next.v
		sum += echo(c25.v+len(b25)) + c25.next.v
		sum += echo(c26.v+len(b26)) + c26.next.v
		sum += echo(c27.v+len(b27)) + c27.next.v
		sum += echo(c28.v+len(b28)) + c28.next.v
		sum += echo(c29.v+len(b29)) + c29.next.v
		a0 = c1
		a1 = c8
		a2 = c15
		a3 = c22
		a4 = c29
		a5 = c6
		a6 = c13
		a7 = c20
		a8 = c27
		a9 = c4
		a10 = c11
		a11 = c18
		a12 = c25
		a13 = c2
		a14 = c9
		a15 = c16
		a16 = c23
		a17 = c0
		a18 = c7
		a19 = c14
		a20 = c21
		a21 = c28
		a22 = c5
		a23 = c12
		a24 = c19
		a25 = c26
		a26 = c3
		a27 = c10
		a28 = c17
		a29 = c24
	}
	garbage()
	return sum
}
