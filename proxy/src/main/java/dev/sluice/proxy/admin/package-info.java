/** The admin listener. Known to boot only. */
@NullMarked
package dev.sluice.proxy.admin;

import org.jspecify.annotations.NullMarked;
