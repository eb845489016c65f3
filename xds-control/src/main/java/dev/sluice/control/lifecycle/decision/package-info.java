/**
 * What a rule answers with, and the checks that all rules share: reasons are collected, events are
 * given only when there are none. Knows no rule. Pure.
 */
@NullMarked
package dev.sluice.control.lifecycle.decision;

import org.jspecify.annotations.NullMarked;
