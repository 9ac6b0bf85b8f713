module runtime.dev/app

go 1.26

require (
	net.example.com/cleaned v0.0.0
	reflect.example/methods v0.0.0
)

replace (
	net.example.com/cleaned => ./net
	reflect.example/methods => ./reflect
)
