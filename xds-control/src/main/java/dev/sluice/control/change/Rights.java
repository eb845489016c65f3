package dev.sluice.control.change;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What somebody may do. Immutable.
 *
 * @param roles none lets nobody do anything
 * @param groups that approvals may be asked from, such as {@code dba}
 */
public record Rights(Set<Role> roles, Set<String> groups) {
    /** Nothing. */
    public static final Rights NONE = new Rights(Set.of(), Set.of());

    public Rights {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
    }

    /** All that any of these gives. */
    public static Rights union(Collection<Rights> several) {
        return new Rights(
                several.stream()
                        .flatMap(rights -> rights.roles().stream())
                        .collect(Collectors.toSet()),
                several.stream()
                        .flatMap(rights -> rights.groups().stream())
                        .collect(Collectors.toSet()));
    }

    /** Whether this is enough for what a role is needed for. */
    public boolean may(Role needed) {
        return roles.stream().anyMatch(role -> role.covers(needed));
    }
}
