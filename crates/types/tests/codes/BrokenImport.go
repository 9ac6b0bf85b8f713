package p

import "nowhere" /* ERROR "could not import nowhere (no such package)" */
