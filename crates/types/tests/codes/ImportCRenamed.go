package p

import c /* ERROR "cannot rename import \"C\"" */ "C" /* ERROR "could not import C (cgo is not supported)" */
