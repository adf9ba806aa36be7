package conformance

// Derivative is derivative, for the tests.
var Derivative = derivative
