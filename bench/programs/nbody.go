// Planets around a sun: floating point in fields of structures.
package main

import (
	"fmt"
	"math"
)

type vector struct{ x, y, z float64 }

type body struct {
	position, velocity vector
	mass               float64
}

const steps = 9_000_000

func advance(bodies []body, dt float64) {
	for i := range bodies {
		a := &bodies[i]
		for j := i + 1; j < len(bodies); j++ {
			b := &bodies[j]
			dx := a.position.x - b.position.x
			dy := a.position.y - b.position.y
			dz := a.position.z - b.position.z
			squared := dx*dx + dy*dy + dz*dz
			pull := dt / (squared * math.Sqrt(squared))
			a.velocity.x -= dx * b.mass * pull
			a.velocity.y -= dy * b.mass * pull
			a.velocity.z -= dz * b.mass * pull
			b.velocity.x += dx * a.mass * pull
			b.velocity.y += dy * a.mass * pull
			b.velocity.z += dz * a.mass * pull
		}
	}
	for i := range bodies {
		b := &bodies[i]
		b.position.x += dt * b.velocity.x
		b.position.y += dt * b.velocity.y
		b.position.z += dt * b.velocity.z
	}
}

func energy(bodies []body) float64 {
	total := 0.0
	for i, a := range bodies {
		v := a.velocity
		total += a.mass * (v.x*v.x + v.y*v.y + v.z*v.z) / 2
		for _, b := range bodies[i+1:] {
			dx, dy, dz := a.position.x-b.position.x, a.position.y-b.position.y, a.position.z-b.position.z
			total -= a.mass * b.mass / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return total
}

func main() {
	bodies := []body{{mass: 39.5}}
	for i := 1; i < 5; i++ {
		r := float64(i*i) * 1.3
		speed := math.Sqrt(39.5 / r)
		bodies = append(bodies, body{
			position: vector{r, 0.1 * float64(i), -0.05 * float64(i)},
			velocity: vector{0, speed, 0.01 * speed},
			mass:     0.04 / float64(i),
		})
	}
	before := energy(bodies)
	for range steps {
		advance(bodies, 0.001)
	}
	// Digits that a fused multiplication and addition would change are not printed.
	fmt.Printf("%.9f %.6f\n", before, energy(bodies))
}
