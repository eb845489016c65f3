/**
 * A disk without room: bytes that are held for a while, in a folder that was named, and that the
 * system frees however the process ends. Imports nothing of this module. Owned by one thread.
 */
@NullMarked
package dev.sluice.chaos.disk;

import org.jspecify.annotations.NullMarked;
