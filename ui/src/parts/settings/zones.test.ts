import { describe, expect, it } from 'vitest';
import { allZones, clockIn, findZones, isZone, offsetLabel, offsetMinutes, zoneOf } from './zones';

const winter = new Date('2026-11-10T15:05:30Z');
const summer = new Date('2026-07-10T15:05:30Z');
const zones = ['UTC', 'America/Argentina/Buenos_Aires', 'America/New_York', 'Asia/Calcutta', 'Europe/Berlin', 'Europe/Kiev'].map(zoneOf);
const ids = (query: string) => findZones(zones, query, winter).map((zone) => zone.id);

describe('zones', () => {
  it('splits a name into city and region', () => {
    expect(zoneOf('America/Argentina/Buenos_Aires')).toEqual({
      id: 'America/Argentina/Buenos_Aires',
      city: 'Buenos Aires',
      region: 'America, Argentina',
    });
    expect(zoneOf('UTC')).toEqual({ id: 'UTC', city: 'UTC', region: '' });
  });

  it('lists UTC once and first', () => {
    const all = allZones().map((zone) => zone.id);
    expect(all[0]).toBe('UTC');
    expect(all.filter((id) => id === 'UTC' || id === 'Etc/UTC')).toHaveLength(1);
    expect(all).toContain('Europe/Berlin');
  });

  it('knows the distance from UTC, summer time included', () => {
    expect(offsetMinutes('Europe/Berlin', winter)).toBe(60);
    expect(offsetMinutes('Europe/Berlin', summer)).toBe(120);
    expect(offsetMinutes('Asia/Calcutta', winter)).toBe(330);
    expect(offsetMinutes('America/New_York', winter)).toBe(-300);
    expect(offsetMinutes('Nowhere/At_All', winter)).toBeNull();
  });

  it('writes distances as people read them', () => {
    expect([0, 60, 330, -180, -210, null].map(offsetLabel)).toEqual(['UTC', 'UTC+1', 'UTC+5:30', 'UTC−3', 'UTC−3:30', '']);
  });

  it('shows the clock of a zone', () => {
    expect(clockIn('Europe/Berlin', winter)).toBe('16:05');
    expect(clockIn('', winter)).toBe('');
  });

  it('finds by city, by part of the name, by another name and by distance', () => {
    expect(ids('berl')).toEqual(['Europe/Berlin']);
    expect(ids('buenos aires')).toEqual(['America/Argentina/Buenos_Aires']);
    expect(ids('new_york')).toEqual(['America/New_York']);
    expect(ids('kolk')).toEqual(['Asia/Calcutta']);
    expect(ids('kyiv')).toEqual(['Europe/Kiev']);
    expect(ids('europe')).toEqual(['Europe/Berlin', 'Europe/Kiev']);
    expect(ids('+5:30')).toEqual(['Asia/Calcutta']);
    expect(ids('utc -5')).toEqual(['America/New_York']);
    expect(ids('')).toHaveLength(zones.length);
    expect(ids('xyzzy')).toEqual([]);
  });

  it('refuses what is no zone', () => {
    expect(isZone('Europe/Berlin')).toBe(true);
    expect(isZone('Berlin')).toBe(false);
    expect(isZone('   ')).toBe(false);
  });
});
