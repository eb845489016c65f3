/** Who may do what, and when. Pure. */
@NullMarked
package dev.sluice.control.governance;

import org.jspecify.annotations.NullMarked;
