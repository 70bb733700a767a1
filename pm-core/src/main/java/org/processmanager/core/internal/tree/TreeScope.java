package org.processmanager.core.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What holds a tree together beside parents.
 *
 * @param group whether the root leads a process group
 * @param session whether it leads a session
 * @param cgroup a control group whose members all belong to the tree, or null
 */
public record TreeScope(
        boolean group, boolean session, @Nullable Cgroup cgroup) {
    /** Parents alone. */
    public static final TreeScope PARENTS = new TreeScope(false, false, null);
}
