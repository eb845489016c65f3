package dev.sluice.control.governance;

import java.util.Set;

/**
 * A person or a machine that may call. Immutable.
 *
 * @param name kept in the log with all that it does
 * @param roles at least one
 * @param groups that approvals may be asked from, such as {@code dba}
 */
public record User(String name, Set<Role> roles, Set<String> groups) {
    public User {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }

    boolean may(Role needed) {
        return roles.stream().anyMatch(role -> role.covers(needed));
    }
}
