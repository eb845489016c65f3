/**
 * Says of a step whether the new arm is worse, not worse, or not yet known: from a record of what
 * was seen, and from nothing else. {@link dev.sluice.control.judge.KeyJudge} is the class to read
 * first. Pure; imports {@code change} only.
 */
@NullMarked
package dev.sluice.control.judge;

import org.jspecify.annotations.NullMarked;
