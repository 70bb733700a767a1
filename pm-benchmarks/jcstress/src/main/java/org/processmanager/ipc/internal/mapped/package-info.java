/** Stress tests of the lane, in its own package since it is nobody's to use. */
package org.processmanager.ipc.internal.mapped;
