package p

import "nowhere"
