/** Which threads wait for which, across regions and processes. */
@NullMarked
package org.processmanager.sync.internal.graph;

import org.jspecify.annotations.NullMarked;
