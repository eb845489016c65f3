/**
 * The demonstration: a real schema change under load, taken through a gate and, with a bug, back
 * again. Read Main first.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
