/**
 * Which endpoint gets a request: load of priorities, weights of localities, and the policies. Read
 * {@link dev.sluice.proxy.balance.BalancePlan} first. Plans are immutable, balancers loop-owned.
 */
@NullMarked
package dev.sluice.proxy.balance;

import org.jspecify.annotations.NullMarked;
