// No code: the compiler knows every function of this package. That this file exists excuses their missing bodies.
