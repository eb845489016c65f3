/**
 * An experiment as data: files of the Chaos Toolkit, unchanged, with fields of our own under {@code
 * sluice}. Start at {@code ExperimentReader}. Pure and immutable; imports the contract and {@code
 * dialect} only.
 */
@NullMarked
package dev.sluice.chaos.experiment;

import org.jspecify.annotations.NullMarked;
