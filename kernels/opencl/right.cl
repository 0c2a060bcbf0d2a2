/* The side that fetch.cl is about: the right one. */
#undef SIDE
#define SIDE(name) JOIN(R_, name)
