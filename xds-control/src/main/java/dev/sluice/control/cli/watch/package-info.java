/**
 * Commands that print what is, then every change, until they are stopped. Know the contract only.
 */
@NullMarked
package dev.sluice.control.cli.watch;

import org.jspecify.annotations.NullMarked;
