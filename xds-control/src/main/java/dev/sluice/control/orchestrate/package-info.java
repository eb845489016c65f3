/** Runs ramps: watches evidence and time and gives commands through ChangePath like a person. */
@NullMarked
package dev.sluice.control.orchestrate;

import org.jspecify.annotations.NullMarked;
