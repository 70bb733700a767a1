/** Tests of the region itself, of what it refuses and of what it survives. */
package org.processmanager.sync.internal.region;
