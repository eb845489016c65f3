/** Access logs, their formats and their filters as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.log;

import org.jspecify.annotations.NullMarked;
