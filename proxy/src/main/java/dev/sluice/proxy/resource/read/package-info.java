/**
 * How any message is read: the place of a value and its problems, the class of each field, plain
 * values, extensions. Imports the contract. Pure.
 */
@NullMarked
package dev.sluice.proxy.resource.read;

import org.jspecify.annotations.NullMarked;
