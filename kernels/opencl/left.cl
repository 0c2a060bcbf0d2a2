/* The side that fetch.cl is about: the left one. */
#define SIDE(name) JOIN(L_, name)
