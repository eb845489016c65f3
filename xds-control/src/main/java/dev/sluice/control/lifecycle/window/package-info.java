/** Rules of windows and when they are open, by the clocks of their zones. Knows no gate. Pure. */
@NullMarked
package dev.sluice.control.lifecycle.window;

import org.jspecify.annotations.NullMarked;
