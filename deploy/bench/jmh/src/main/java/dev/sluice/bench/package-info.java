/**
 * What single steps of a request cost, in time and in bytes allocated. Each benchmark is a class;
 * those of a codec stand in the codec's own package, whose classes are seen nowhere else.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
