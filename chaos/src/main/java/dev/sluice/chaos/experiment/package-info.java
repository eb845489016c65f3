/** An experiment as data. Pure. */
@NullMarked
package dev.sluice.chaos.experiment;

import org.jspecify.annotations.NullMarked;
