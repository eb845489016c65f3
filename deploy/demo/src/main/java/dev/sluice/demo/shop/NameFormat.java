package dev.sluice.demo.shop;

/** How the new version of {@code customers} makes initials. */
enum NameFormat {
    /** As released. */
    SOUND {
        @Override
        String initials(Customer customer) {
            String last = customer.lastName();
            return customer.firstName().substring(0, 1)
                    + (last.isEmpty() ? "" : last.substring(0, 1));
        }
    },

    /** A build that forgot people with one name: it fails for every one of them. */
    FORGETS_SINGLE_NAMES {
        @Override
        String initials(Customer customer) {
            return customer.firstName().substring(0, 1) + customer.lastName().charAt(0);
        }
    };

    abstract String initials(Customer customer);
}
