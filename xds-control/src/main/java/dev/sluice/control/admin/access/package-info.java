/**
 * Who may call which method of the admin API: tokens, the file of users and the role that each
 * method asks for. Imports {@code desk} and {@code governance}. Immutable once started; checks run
 * on gRPC threads.
 */
@NullMarked
package dev.sluice.control.admin.access;

import org.jspecify.annotations.NullMarked;
