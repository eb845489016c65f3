/** The path of a change; read ChangePath first. Owns the one writer thread. */
@NullMarked
package dev.sluice.control.path;

import org.jspecify.annotations.NullMarked;
